import type { Schemas } from '../api/client';
import { PageHead } from '../ui/layout';
import { Notice } from '../ui/state';
import { NewOrganization } from './new-organization';

/** What somebody sees who is signed in and a member of nothing (yet, or any more). */
export function NoOrganization({ me }: { me: Schemas['Me'] }) {
  return (
    <>
      <PageHead title="No organization" about={`You are signed in as ${me.user.email}.`} />
      <div className="flex flex-col gap-5">
        <Notice>
          You are in no organization. Ask an owner or admin of one for an invitation to this address, and open
          its link here.
        </Notice>
        {me.may_create_organization && <NewOrganization title="Make an organization" />}
      </div>
    </>
  );
}
