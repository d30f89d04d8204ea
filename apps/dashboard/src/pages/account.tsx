import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { auth } from '../api/auth';
import type { ApiError } from '../api/client';
import { useMe } from '../api/me';
import { Button } from '../ui/button';
import { CodeBlock, CopyLine } from '../ui/copy';
import { Input } from '../ui/field';
import { Card, Facts, PageHead } from '../ui/layout';
import { Notice, Problem } from '../ui/state';
import { valueOf } from './door';
import { ChangePassword, Sessions } from './sign-in-safety';

export function Account() {
  const me = useMe().data;
  if (me === undefined) return null;
  return (
    <>
      <PageHead title="Your account" />
      <div className="flex flex-col gap-5">
        <Card>
          <Facts
            facts={{
              Name: me.user.name,
              'E-mail': me.user.email,
              Organizations: me.organizations.map(({ name, role }) => `${name} (${role})`).join(', '),
            }}
          />
        </Card>
        {!me.user.has_password ? (
          <Notice>
            You sign in by the identity provider of this installation: it asks for passwords and second
            factors.
          </Notice>
        ) : me.user.two_factor_enabled ? (
          <Notice tone="good">Signing in needs a code of your authenticator.</Notice>
        ) : (
          <SecondFactor />
        )}
        {me.user.has_password && <ChangePassword />}
        <Sessions />
      </div>
    </>
  );
}

interface Enrolment {
  totpURI: string;
  backupCodes: string[];
}

function SecondFactor() {
  const queries = useQueryClient();
  const [code, setCode] = useState('');
  const enable = useMutation<Enrolment, ApiError, FormData>({
    mutationFn: (form) => auth('two-factor/enable', { password: valueOf(form, 'password') }),
  });
  const confirm = useMutation<unknown, ApiError>({
    mutationFn: () => auth('two-factor/verify-totp', { code: code.replaceAll(' ', '') }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['me'] }),
  });
  if (enable.data === undefined)
    return (
      <Card title="Second factor">
        <form
          className="flex flex-col gap-3 sm:max-w-md"
          onSubmit={(event) => {
            event.preventDefault();
            enable.mutate(new FormData(event.currentTarget));
          }}
        >
          <p className="text-muted">Ask for a code of your authenticator at every sign-in.</p>
          <Input label="Password" name="password" type="password" autoComplete="current-password" required />
          <Problem error={enable.error} />
          <Button type="submit" busy={enable.isPending && 'Making a secret…'} className="self-start">
            Set up
          </Button>
        </form>
      </Card>
    );
  const secret = new URL(enable.data.totpURI).searchParams.get('secret') ?? '';
  return (
    <Card title="Second factor">
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          confirm.mutate();
        }}
      >
        <div>
          <p className="mb-1 text-sm font-medium">Secret for your authenticator</p>
          <CopyLine label="the secret" value={secret} />
          <a href={enable.data.totpURI} className="mt-1 inline-block text-sm text-accent underline">
            Open in an authenticator of this device
          </a>
        </div>
        <CodeBlock
          label="backup codes, each good once: keep them"
          code={enable.data.backupCodes.join('\n')}
        />
        <Input
          label="Code that it shows now"
          inputMode="numeric"
          autoComplete="one-time-code"
          required
          value={code}
          onChange={(event) => setCode(event.target.value)}
        />
        <Problem error={confirm.error} />
        <Button kind="primary" type="submit" busy={confirm.isPending && 'Checking…'} className="self-start">
          Turn on
        </Button>
      </form>
    </Card>
  );
}
