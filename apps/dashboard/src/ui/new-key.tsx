import { useState } from 'react';
import type { ApiError } from '../api/client';
import { Button } from './button';
import { Confirm } from './confirm';
import { CopyLine } from './copy';
import { Input, Select } from './field';
import { Notice, Problem } from './state';

interface Making<Variables> {
  mutate(variables: Variables, options: { onSuccess: () => void }): void;
  isPending: boolean;
  error: ApiError | null;
  data: { token: string } | undefined;
}

/** Makes a key, and shows it this once. */
export function NewKeyForm<Right extends string>({
  labels,
  rights,
  first,
  make,
}: {
  labels: { name: string; example: string; right: string };
  /** What a key may, in words. */
  rights: Readonly<Record<Right, string>>;
  first: Right;
  make: Making<{ name: string; right: Right }>;
}) {
  const [name, setName] = useState('');
  const [right, setRight] = useState(first);
  return (
    <form
      className="grid gap-3 sm:grid-cols-2"
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate({ name, right }, { onSuccess: () => setName('') });
      }}
    >
      <Input
        label={labels.name}
        placeholder={labels.example}
        required
        maxLength={50}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <Select label={labels.right} value={right} onChange={(event) => setRight(event.target.value as Right)}>
        {Object.entries<string>(rights).map(([id, text]) => (
          <option key={id} value={id}>
            {text}
          </option>
        ))}
      </Select>
      <div className="flex flex-col gap-3 sm:col-span-2">
        <Problem error={make.error} />
        <Button
          kind="primary"
          type="submit"
          busy={make.isPending && 'Making the key…'}
          className="self-start"
        >
          Make key
        </Button>
        {make.data !== undefined && (
          <Notice tone="good">
            <p className="mb-2 font-medium">
              Copy it now: only its hash is kept, so it is never shown again.
            </p>
            <CopyLine label="the key" value={make.data.token} />
          </Notice>
        )}
      </div>
    </form>
  );
}

/** Asks before a key stops working. */
export function RevokeKey({
  name,
  revoke,
  onClose,
}: {
  name: string;
  revoke: { mutate(variables: undefined): void; isPending: boolean; error: ApiError | null };
  onClose: () => void;
}) {
  return (
    <Confirm
      title={`Revoke ${name}?`}
      action="Revoke"
      busy={revoke.isPending && 'Revoking…'}
      onConfirm={() => revoke.mutate(undefined)}
      onClose={onClose}
    >
      <p>Programs that use it are refused at once.</p>
      <Problem error={revoke.error} />
    </Confirm>
  );
}
