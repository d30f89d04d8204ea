import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json. Found from this file, so that scripts work from any working directory. */
export const root = fileURLToPath(new URL('../../', import.meta.url)).replace(/[/\\]$/, '');

/** A path inside the repository. */
export const inRoot = (...parts) => join(root, ...parts);
