import { useState } from 'react';
import type { Schemas } from '../api/client';
import { useApiMutation, useApiQuery } from '../api/hooks';
import { Button, buttonClass } from '../ui/button';
import { CodeBlock } from '../ui/copy';
import { Empty, PageHead, Table } from '../ui/layout';
import { Pager, usePages } from '../ui/pager';
import { Loaded, Notice, Problem } from '../ui/state';
import { Time } from '../ui/time';

type Entry = Schemas['AuditList']['data'][number];

export function Audit() {
  const pages = usePages();
  const [open, setOpen] = useState<string>();
  const entries = useApiQuery(['audit', pages.after], (api) =>
    api.GET('/v1/audit', {
      params: { query: pages.query },
    }),
  );
  const verify = useApiMutation((api) => api.GET('/v1/audit/verify'), []);
  const chosen = entries.data?.data.find(({ id }) => id === open);
  return (
    <>
      <PageHead
        title="Audit log"
        about="Who did what, newest first. Entries are chained by hashes: none can be changed or taken out unseen."
        actions={
          <>
            <Button busy={verify.isPending && 'Walking the chain…'} onClick={() => verify.mutate(undefined)}>
              Verify the chain
            </Button>
            <a href="/v1/audit/export" className={buttonClass()}>
              Export
            </a>
          </>
        }
      />
      <div className="flex flex-col gap-4">
        <Problem error={verify.error} />
        {verify.data !== undefined && (
          <Notice tone={verify.data.valid ? 'good' : 'bad'}>
            {verify.data.valid
              ? `The chain is whole: ${verify.data.checked} entries checked.`
              : `The chain is broken at ${verify.data.faults.length} places.`}
          </Notice>
        )}
        <Loaded query={entries} what="the audit log">
          {(list) =>
            list.data.length === 0 ? (
              <Empty title="Nothing yet">What people and keys change shows here.</Empty>
            ) : (
              <div>
                <Table label="Audit log" columns={['When', 'Who', 'What', 'Actions']}>
                  {list.data.map((entry) => (
                    <tr key={entry.id}>
                      <td>
                        <Time at={entry.at} />
                      </td>
                      <td>
                        <code className="text-xs break-all">{entry.actor}</code>
                      </td>
                      <td className="font-medium">{entry.action}</td>
                      <td>
                        <Button
                          aria-label={`Details of ${entry.action}`}
                          aria-expanded={open === entry.id}
                          onClick={() => setOpen(open === entry.id ? undefined : entry.id)}
                        >
                          Details
                        </Button>
                      </td>
                    </tr>
                  ))}
                </Table>
                <Pager pages={pages} list={list} />
              </div>
            )
          }
        </Loaded>
        {chosen !== undefined && <Details entry={chosen} />}
      </div>
    </>
  );
}

function Details({ entry }: { entry: Entry }) {
  return (
    <div className="flex flex-col gap-3">
      <CodeBlock label="entry" code={JSON.stringify({ target: entry.target, data: entry.data }, null, 2)} />
      {entry.cloudtrail !== null && (
        <CodeBlock
          label="the other side, in CloudTrail of the customer’s account"
          code={entry.cloudtrail.command}
        />
      )}
    </div>
  );
}
