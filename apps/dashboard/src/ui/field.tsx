import {
  useId,
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
} from 'react';

const control =
  'w-full rounded-lg border bg-card px-3 py-1.5 text-ink placeholder:text-muted min-h-9 aria-invalid:border-bad border-line-strong';

interface Around {
  label: string;
  hint?: ReactNode;
  /** What is wrong with the value. */
  problem?: string | undefined;
}

function Labelled({ id, label, hint, problem, children }: Around & { id: string; children: ReactNode }) {
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      {children}
      {hint !== undefined && (
        <p id={`${id}-hint`} className="text-sm text-muted">
          {hint}
        </p>
      )}
      <p id={`${id}-problem`} aria-live="polite" className="text-sm text-bad empty:hidden">
        {problem}
      </p>
    </div>
  );
}

const described = (id: string, { hint, problem }: Around) => ({
  id,
  'aria-invalid': problem !== undefined,
  'aria-describedby': `${hint === undefined ? '' : `${id}-hint `}${id}-problem`,
});

export function Input({
  label,
  hint,
  problem,
  className = '',
  ...rest
}: Around & InputHTMLAttributes<HTMLInputElement>) {
  const id = useId();
  const around = { label, hint, problem };
  return (
    <Labelled id={id} {...around}>
      <input {...rest} {...described(id, around)} className={`${control} ${className}`} />
    </Labelled>
  );
}

export function Textarea({
  label,
  hint,
  problem,
  className = '',
  ...rest
}: Around & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  const id = useId();
  const around = { label, hint, problem };
  return (
    <Labelled id={id} {...around}>
      <textarea {...rest} {...described(id, around)} className={`${control} ${className}`} />
    </Labelled>
  );
}

export function Select({
  label,
  hint,
  problem,
  children,
  ...rest
}: Around & SelectHTMLAttributes<HTMLSelectElement>) {
  const id = useId();
  const around = { label, hint, problem };
  return (
    <Labelled id={id} {...around}>
      <select {...rest} {...described(id, around)} className={control}>
        {children}
      </select>
    </Labelled>
  );
}
