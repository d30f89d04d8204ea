import type { ReactNode } from 'react';
import { useMay, useMe, type Ability } from '../api/me';
import { Notice } from './state';

/**
 * Shows what only some may use. The API decides by the same policy when it is used: this only keeps people from trying
 * in vain.
 */
export function Allowed({
  to,
  what,
  children,
}: {
  to: Ability;
  /** Completes "Your role does not allow you to …"; left out where nothing needs to be said. */
  what?: string;
  children: ReactNode;
}) {
  if (useMay(to)) return children;
  return what === undefined ? null : <NotAllowed what={what} />;
}

/** Why something is not there, or cannot be changed. */
export function NotAllowed({ what }: { what: string }) {
  const role = useMe().data?.role;
  return (
    <Notice>
      Your role{typeof role === 'string' && ` (${role})`} does not allow you to {what}. An owner or admin of
      the organization can give you another one.
    </Notice>
  );
}
