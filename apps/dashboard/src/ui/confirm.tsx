import { useEffect, useId, useRef, type ReactNode } from 'react';
import { Button } from './button';

/** Asks before something that cannot be undone. The browser's own dialog keeps the focus and gives it back. */
export function Confirm({
  title,
  action,
  busy,
  onConfirm,
  onClose,
  children,
}: {
  title: string;
  /** The verb on the button. */
  action: string;
  busy: string | false;
  onConfirm: () => void;
  onClose: () => void;
  children: ReactNode;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      onClose={onClose}
      className="w-[min(32rem,92vw)] rounded-xl border border-line bg-card p-5 backdrop:bg-black/50"
    >
      <h2 id={id} className="text-lg font-semibold">
        {title}
      </h2>
      <div className="mt-2 flex flex-col gap-3 text-muted">{children}</div>
      <div className="mt-5 flex justify-end gap-2">
        <Button onClick={() => dialog.current?.close()}>Keep it</Button>
        <Button kind="danger" busy={busy} onClick={onConfirm}>
          {action}
        </Button>
      </div>
    </dialog>
  );
}
