/** A mail as its reader sees it. No script runs, nothing is fetched: the sandbox and the page's own policy see to it. */
export function Rendered({ html }: { html: string }) {
  return (
    <>
      <iframe
        title="The message, rendered"
        sandbox=""
        srcDoc={html}
        className="h-96 w-full rounded-lg border border-line bg-white"
      />
      <p className="mt-2 text-sm text-muted">Images of other servers are not loaded here.</p>
    </>
  );
}
