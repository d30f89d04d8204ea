import { useState } from 'react';
import type { Schemas } from '../../api/client';
import { useApiQuery } from '../../api/hooks';
import { buttonClass } from '../../ui/button';
import { CodeBlock, CopyLine } from '../../ui/copy';
import { Select } from '../../ui/field';
import { Card } from '../../ui/layout';
import { Loaded } from '../../ui/state';
import { Tabs } from '../../ui/tabs';

const purposes = [
  ['send', 'Send mail'],
  ['events', 'Read feedback: deliveries, bounces, opens'],
  ['analytics', 'Read statistics'],
  ['configure', 'Set up domains and feedback'],
  ['all', 'Everything above'],
] as const;
type Purpose = (typeof purposes)[number][0];

const formats = [
  ['cloudformation', 'CloudFormation'],
  ['cli', 'AWS CLI'],
  ['terraform', 'Terraform'],
  ['json', 'Policies'],
] as const;
type Format = (typeof formats)[number][0];

/** Everything that makes the role, ready to copy. */
export function KitCard({ connection }: { connection: Schemas['Connection'] }) {
  const [purpose, setPurpose] = useState<Purpose>('send');
  const [format, setFormat] = useState<Format>('cloudformation');
  const kit = useApiQuery(['kit', connection.id, purpose, format, connection.pending_external_id], (api) =>
    api.GET('/v1/connections/{id}/kit', {
      params: { path: { id: connection.id }, query: { purpose, format } },
    }),
  );
  return (
    <Card
      title={
        connection.role_arn === null
          ? '1 · Create the role in your AWS account'
          : 'The role in your AWS account'
      }
    >
      <div className="flex flex-col gap-4">
        <div>
          <p className="mb-1 text-sm font-medium">External ID</p>
          <CopyLine label="the external ID" value={connection.external_id} />
          <p className="mt-1 text-sm text-muted">
            Made for this connection. The role must ask for it, or it would open for others too: Sesame checks
            that it does.
          </p>
        </div>
        {connection.pending_external_id !== null && (
          <div>
            <p className="mb-1 text-sm font-medium">New external ID, beside the old one</p>
            <CopyLine label="the new external ID" value={connection.pending_external_id} />
          </div>
        )}
        <Select
          label="What the role shall allow"
          value={purpose}
          onChange={(event) => setPurpose(event.target.value as Purpose)}
        >
          {purposes.map(([id, text]) => (
            <option key={id} value={id}>
              {text}
            </option>
          ))}
        </Select>
        <Tabs label="Ways to create the role" tabs={formats} current={format} onChange={setFormat}>
          <Loaded query={kit} what="the instructions for your role">
            {(one) => <Instructions kit={one} format={format} />}
          </Loaded>
        </Tabs>
      </div>
    </Card>
  );
}

function Instructions({ kit, format }: { kit: Schemas['Kit']; format: Format }) {
  if (format === 'json')
    return (
      <div className="flex flex-col gap-4">
        <CodeBlock label="trust policy" code={JSON.stringify(kit.trust_policy, null, 2)} />
        <CodeBlock label="permissions policy" code={JSON.stringify(kit.permissions_policy, null, 2)} />
      </div>
    );
  return (
    <div className="flex flex-col gap-3">
      {format === 'cloudformation' && (
        <p className="flex flex-wrap items-center gap-3 text-sm">
          <a
            href={kit.quick_create_url ?? kit.console_url}
            target="_blank"
            rel="noreferrer"
            className={buttonClass('primary')}
          >
            Open the AWS console
          </a>
          {kit.quick_create_url === null &&
            'Save this template as a file and upload it there. The stack’s output is the ARN.'}
        </p>
      )}
      <CodeBlock
        label={`${formats.find(([id]) => id === format)?.[1] ?? format} script`}
        code={kit.script ?? ''}
      />
    </div>
  );
}
