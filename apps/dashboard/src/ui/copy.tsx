import { useState } from 'react';
import { Button } from './button';

/** Puts a text into the clipboard, and says that it is there. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [said, setSaid] = useState<string>();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid('Copied');
    } catch {
      setSaid('Select it and copy');
    }
    setTimeout(() => setSaid(undefined), 2_000);
  };
  return (
    <Button onClick={() => void copy()} aria-label={said === undefined ? label : `${label}: ${said}`}>
      <span aria-live="polite">{said ?? 'Copy'}</span>
    </Button>
  );
}

/** A short value to copy, on one line. */
export function CopyLine({ label, value }: { label: string; value: string }) {
  return (
    <div className="flex items-center gap-2">
      <code className="min-w-0 flex-1 rounded-lg bg-sunken px-3 py-1.5 text-sm break-all">{value}</code>
      <CopyButton text={value} label={`Copy ${label}`} />
    </div>
  );
}

/** A policy, a script or a template to copy. */
export function CodeBlock({ label, code }: { label: string; code: string }) {
  return (
    <div className="overflow-hidden rounded-lg border border-line">
      <div className="flex items-center justify-between border-b border-line bg-sunken px-3 py-1.5 text-sm text-muted">
        <span aria-hidden>{label}</span>
        <CopyButton text={code} label={`Copy ${label}`} />
      </div>
      <pre
        tabIndex={0}
        role="region"
        aria-label={label}
        className="max-h-80 overflow-auto bg-sunken/50 p-3 text-xs leading-relaxed"
      >
        {code}
      </pre>
    </div>
  );
}
