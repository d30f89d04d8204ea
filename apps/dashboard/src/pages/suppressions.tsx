import { useState } from 'react';
import { useApiMutation, useApiQuery } from '../api/hooks';
import { Allowed } from '../ui/allowed';
import { Button } from '../ui/button';
import { Input } from '../ui/field';
import { Card, Empty, PageHead } from '../ui/layout';
import { Listing } from '../ui/listing';
import { usePages } from '../ui/pager';
import { Problem } from '../ui/state';
import { Time } from '../ui/time';

const origins = { bounce: 'it bounced', complaint: 'a complaint', manual: 'added by hand' };

export function Suppressions() {
  const pages = usePages();
  const list = useApiQuery(['suppressions', pages.after], (api) =>
    api.GET('/suppressions', {
      params: { query: pages.query },
    }),
  );
  const remove = useApiMutation(
    (api, id: string) => api.DELETE('/suppressions/{id}', { params: { path: { id } } }),
    ['suppressions'],
  );
  return (
    <>
      <PageHead title="Suppressions" about="Addresses that this project does not send to any more." />
      <div className="flex flex-col gap-6">
        <Allowed to="manage" what="suppress addresses">
          <NewSuppression />
        </Allowed>
        <Problem error={remove.error} />
        <Listing
          query={list}
          what="the suppressions"
          label="Suppressed addresses"
          columns={['Address', 'Because of', 'Since', 'Actions']}
          pages={pages}
          empty={
            <Empty title="Nobody is suppressed">
              Addresses that bounce for good or complain come here by themselves, once feedback is set up.
            </Empty>
          }
          row={(one) => (
            <>
              <td className="break-all">{one.email}</td>
              <td>
                {origins[one.origin]}
                {one.ses_connection_id !== undefined && (
                  <span className="text-muted">, says the SES account’s list</span>
                )}
              </td>
              <td>
                <Time at={one.created_at} isRelative />
              </td>
              <td>
                <Allowed to="manage">
                  <Button
                    aria-label={`Allow again: ${one.email}`}
                    busy={remove.isPending && remove.variables === one.id && 'Removing…'}
                    onClick={() => remove.mutate(one.id)}
                  >
                    Allow again
                  </Button>
                </Allowed>
              </td>
            </>
          )}
        />
      </div>
    </>
  );
}

function NewSuppression() {
  const [email, setEmail] = useState('');
  const add = useApiMutation(
    (api) => api.POST('/suppressions', { body: { email } }),
    ['suppressions'],
    () => setEmail(''),
  );
  return (
    <Card title="Suppress an address">
      <form
        className="flex flex-col gap-3 sm:max-w-md"
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate(undefined);
        }}
      >
        <Input
          label="Address"
          type="email"
          required
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <Problem error={add.error} />
        <Button type="submit" busy={add.isPending && 'Adding…'} className="self-start">
          Suppress
        </Button>
      </form>
    </Card>
  );
}
