import type { ButtonHTMLAttributes } from 'react';

const kinds = {
  primary: 'bg-accent text-accent-ink hover:opacity-90',
  plain: 'border border-line-strong bg-card hover:bg-sunken',
  quiet: 'hover:bg-sunken text-muted hover:text-ink',
  danger: 'border border-bad text-bad bg-card hover:bg-bad-soft',
};
export type ButtonKind = keyof typeof kinds;

/** For links that look like buttons as well. */
export const buttonClass = (kind: ButtonKind = 'plain') =>
  `inline-flex min-h-9 items-center justify-center gap-2 rounded-lg px-3 py-1.5 text-sm font-medium no-underline disabled:opacity-60 ${kinds[kind]}`;

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: ButtonKind;
  /** What is going on while the button works; shown instead of its text. */
  busy?: string | false | undefined;
}

export function Button({
  kind = 'plain',
  busy,
  type = 'button',
  children,
  className = '',
  ...rest
}: ButtonProps) {
  const isBusy = busy !== undefined && busy !== false;
  return (
    <button
      type={type}
      {...rest}
      disabled={rest.disabled === true || isBusy}
      aria-busy={isBusy}
      className={`${buttonClass(kind)} ${className}`}
    >
      {isBusy ? busy : children}
    </button>
  );
}
