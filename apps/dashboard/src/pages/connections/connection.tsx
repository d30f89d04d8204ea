import { useParams } from '@tanstack/react-router';
import { useApiQuery } from '../../api/hooks';
import { PageHead } from '../../ui/layout';
import { Loaded, Notice, Status } from '../../ui/state';
import { Account } from './account';
import { Actions } from './actions';
import { Checks } from './checks';
import { FeedbackCard } from './feedback';
import { KitCard } from './kit';
import { PasteRole } from './paste-role';
import { SandboxPanel } from './sandbox-panel';
import { Sessions } from './sessions';
import { SuppressionSyncCard } from './suppression-sync';
import { TestMail } from './test-mail';

export function ConnectionPage() {
  const { connectionId } = useParams({ from: '/inside/projects/$projectId/connections/$connectionId' });
  const query = useApiQuery(
    ['connection', connectionId],
    (api) => api.GET('/v1/connections/{id}', { params: { path: { id: connectionId } } }),
    { refetchEvery: (connection) => (connection?.status === 'verifying' ? 1_000 : 15_000) },
  );
  return (
    <Loaded query={query} what="the connection">
      {(connection) => {
        const isOpen = connection.status !== 'disconnected';
        const isNew = connection.role_arn === null;
        const isProven = connection.verified_at !== null;
        return (
          <>
            <PageHead
              title={connection.name}
              about={
                <span className="flex flex-wrap items-center gap-2">
                  <Status of={connection.status} /> {connection.region}
                  {connection.aws_account_id !== null && <> · account {connection.aws_account_id}</>}
                </span>
              }
              actions={isOpen && <Actions connection={connection} />}
            />
            <div className="flex flex-col gap-5">
              {connection.status_reason !== null && (
                <Notice tone={isProven ? 'warn' : 'bad'}>{connection.status_reason}</Notice>
              )}
              {connection.pending_external_id !== null && (
                <Notice tone="warn">
                  A new external ID is being introduced: list both in the trust policy of the role. Sesame
                  takes the new one as soon as it is proven, and then checks that the old one is refused.
                </Notice>
              )}
              {!isOpen && (
                <Notice>This connection has ended. Its credentials are gone, its mail is still here.</Notice>
              )}
              {isOpen && isNew && <KitCard connection={connection} />}
              {isOpen && <PasteRole key={connection.role_arn} connection={connection} />}
              {/* Above what it changes: its buttons stay where they are while remedies come and go. */}
              {isOpen && !isNew && <SandboxPanel connection={connection} />}
              {connection.role_arn !== null && <Checks connection={connection} />}
              {isOpen && isProven && (
                <>
                  <TestMail connection={connection} />
                  <FeedbackCard connection={connection} />
                  <SuppressionSyncCard connection={connection} />
                  <Account connection={connection} />
                  <Sessions connection={connection} />
                </>
              )}
              {isOpen && !isNew && (
                <details>
                  <summary className="mb-3 font-semibold">Role, policies and scripts</summary>
                  <KitCard connection={connection} />
                </details>
              )}
            </div>
          </>
        );
      }}
    </Loaded>
  );
}
