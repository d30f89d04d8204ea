import { useState } from 'react';
import { useApiQuery, useProjectId } from '../../api/hooks';
import { useLive } from '../../api/live';
import { Empty, PageHead } from '../../ui/layout';
import { Pager, usePages } from '../../ui/pager';
import { Loaded } from '../../ui/state';
import { DeadLetters } from './dead-letters';
import { Lane } from './lane';

/** What waits, why, and until when. */
export function QueuePage() {
  const id = useProjectId();
  const pages = usePages();
  const [isWaitingOnly, setIsWaitingOnly] = useState(false);
  const isLive = useLive(['queue', 'emails'], ({ type }) => type !== 'metrics');
  const query = useApiQuery(
    ['queue', isWaitingOnly, pages.after],
    (api) =>
      api.GET('/v1/projects/{id}/queue', {
        params: { path: { id }, query: { ...pages.query, waiting: isWaitingOnly ? 'true' : 'false' } },
      }),
    { refetchEvery: () => (isLive ? 15_000 : 5_000) },
  );
  return (
    <>
      <PageHead
        title="Queue"
        about="What waits in the lane of each connection, how fast it goes, and what did not get through."
      />
      <label className="mb-4 flex items-center gap-2">
        <input
          type="checkbox"
          checked={isWaitingOnly}
          onChange={(event) => {
            setIsWaitingOnly(event.target.checked);
            pages.reset();
          }}
        />
        Only connections for which something waits
      </label>
      <Loaded query={query} what="the queue">
        {(queue) => (
          <div className="flex flex-col gap-5">
            {queue.data.length === 0 ? (
              <Empty title={isWaitingOnly ? 'Nothing waits' : 'No connection yet'}>
                {isWaitingOnly
                  ? 'All mail that was accepted is sent, canceled or a dead letter.'
                  : 'Each connection has a lane of its own; it shows here.'}
              </Empty>
            ) : (
              <ul aria-label="Lanes" className="flex flex-col gap-4">
                {queue.data.map((lane) => (
                  <li key={lane.id}>
                    <Lane lane={lane} />
                  </li>
                ))}
              </ul>
            )}
            <Pager pages={pages} list={queue} />
            <DeadLetters counts={queue.dead_letters} />
          </div>
        )}
      </Loaded>
    </>
  );
}
