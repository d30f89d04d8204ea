import { useEffect, type FormEvent, type ReactNode } from 'react';
import mark from '../assets/sesame.svg';

/** The frame of the pages before the sign-in: one form. */
export function Door({
  title,
  onSubmit,
  children,
}: {
  title: string;
  onSubmit: (form: FormData) => void;
  children: ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} · Sesame`;
  }, [title]);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onSubmit(new FormData(event.currentTarget));
  };
  return (
    <main className="grid min-h-dvh place-items-center p-4">
      <form
        onSubmit={submit}
        className="flex w-full max-w-sm flex-col gap-4 rounded-2xl border border-line bg-card p-6 sm:p-8"
      >
        <div className="flex items-center gap-3">
          <img src={mark} alt="" className="size-9" />
          <h1 className="text-xl font-semibold">{title}</h1>
        </div>
        {children}
      </form>
    </main>
  );
}

/** A text field of a form. */
export function valueOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}
