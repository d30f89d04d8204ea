const STORE = 'sesame.organization';

/**
 * The organization that this tab is about, for who is in several. Remembered for the next tab; two tabs open at the same time may differ.
 */
let selected = stored();

function stored(): string | undefined {
  try {
    return localStorage.getItem(STORE) ?? undefined;
  } catch {
    // Storage may be forbidden: then the first organization counts.
    return undefined;
  }
}

export function selectedOrganization(): string | undefined {
  return selected;
}

/** @param id undefined: the first one again @returns whether it was another before */
export function selectOrganization(id: string | undefined): boolean {
  if (id === selected) return false;
  selected = id;
  try {
    if (id === undefined) localStorage.removeItem(STORE);
    else localStorage.setItem(STORE, id);
  } catch {
    // It holds for this tab at least.
  }
  return true;
}
