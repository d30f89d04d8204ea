import { useState } from 'react';
import type { Schemas } from '../../api/client';
import { useApiMutation, useApiQuery } from '../../api/hooks';
import { useMay } from '../../api/me';
import { NotAllowed } from '../../ui/allowed';
import { Button } from '../../ui/button';
import { Input, Select } from '../../ui/field';
import { Card } from '../../ui/layout';
import { Problem } from '../../ui/state';
import { isSettled } from '../emails/settled';
import { Timeline } from '../emails/timeline';

const simulator = [
  ['success', 'is delivered'],
  ['bounce', 'bounces'],
  ['complaint', 'is delivered, then complained about'],
  ['ooto', 'is delivered and answered automatically'],
  ['suppressionlist', 'is on the suppression list of SES'],
] as const;

/** A mail to Amazon's mailbox simulator: nobody gets it, and it costs no reputation. */
export function TestMail({ connection }: { connection: Schemas['Connection'] }) {
  const maySend = useMay('send');
  const [typed, setFrom] = useState<string>();
  const [to, setTo] = useState('success@simulator.amazonses.com');
  const domains = useApiQuery(['domains', 'verified'], (api) =>
    api.GET('/domains', { params: { query: { limit: 100 } } }),
  );
  const verified = domains.data?.data.find(
    (domain) => domain.status === 'verified' && domain.connection_id === connection.id,
  );
  const from = typed ?? (verified === undefined ? '' : `test@${verified.name}`);
  const send = useApiMutation(
    (api) =>
      api.POST('/emails', {
        body: {
          from,
          to,
          subject: 'A test from Sesame',
          text: 'Sent through your own Amazon SES, without a key of your account.',
          connection_id: connection.id,
        },
      }),
    ['emails', 'capacity', 'sessions'],
  );
  if (!maySend)
    return (
      <Card title="Send a test mail">
        <NotAllowed what="send mail" />
      </Card>
    );
  return (
    <Card title="Send a test mail">
      <form
        className="grid gap-3 sm:grid-cols-2"
        onSubmit={(event) => {
          event.preventDefault();
          send.mutate(undefined);
        }}
      >
        <Input
          label="From"
          type="email"
          required
          placeholder="hello@your-domain.com"
          hint="An address or domain that is verified in your SES."
          value={from}
          onChange={(event) => setFrom(event.target.value)}
          problem={send.error?.field === 'from' ? send.error.message : undefined}
        />
        <Select label="To the mailbox simulator" value={to} onChange={(event) => setTo(event.target.value)}>
          {simulator.map(([name, what]) => (
            <option key={name} value={`${name}@simulator.amazonses.com`}>
              {name}@… {what}
            </option>
          ))}
        </Select>
        <div className="sm:col-span-2">
          <Button kind="primary" type="submit" busy={send.isPending && 'Sending…'}>
            Send test mail
          </Button>
        </div>
      </form>
      <div className="mt-4" aria-live="polite">
        <Problem error={send.error} />
        {send.data !== undefined && <Sent id={send.data.id} />}
      </div>
    </Card>
  );
}

function Sent({ id }: { id: string }) {
  const email = useApiQuery(['email', id], (api) => api.GET('/emails/{id}', { params: { path: { id } } }), {
    refetchEvery: (one) => (one !== undefined && isSettled(one.status) ? false : 1_000),
  });
  return email.data === undefined ? <Problem error={email.error} /> : <Timeline email={email.data} />;
}
