import { lazy, Suspense } from 'react';
import type { Schemas } from '../../api/client';
import { Allowed } from '../../ui/allowed';

/** The address of the local AWS. Only an API in development that runs against one names it in the page. */
const sandboxUrl = document.querySelector<HTMLMetaElement>('meta[name="sesame-sandbox"]')?.content;

// Of no use in production, and so not loaded there.
const BreakIt = lazy(async () => ({ default: (await import('./break-it')).BreakIt }));

/** "Try to break it", where there is a simulated AWS account to break; elsewhere nothing. */
export function SandboxPanel({ connection }: { connection: Schemas['Connection'] }) {
  if (sandboxUrl === undefined) return null;
  return (
    <Allowed to="manage">
      <Suspense fallback={null}>
        <BreakIt key={connection.id} connection={connection} sandboxUrl={sandboxUrl} />
      </Suspense>
    </Allowed>
  );
}
