import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** The customer's side of the demo, as `local.json` shows it. */
export interface DemoCustomer {
  customer_account_id: string;
  role_name: string;
  role_arn: string;
  region: string;
  verified_domain: string;
}

/** What the seed remembers, so that it happens once and goes on where it was interrupted. */
export interface SeedState {
  organization_id?: string;
  organization_key?: string;
  admin_email?: string | null;
  admin_password?: string | null;
  project_id?: string;
  api_key?: string;
  connection_id?: string;
  customer?: DemoCustomer;
  email_id?: string;
  is_complete?: boolean;
}

/** The state on disk: saved after every step, complete or not at all, readable by its owner only (it holds keys). */
export class SeedFile {
  state: SeedState;

  constructor(private readonly path: string) {
    this.state = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as SeedState) : {};
  }

  save(change: Partial<SeedState>): void {
    this.state = { ...this.state, ...change };
    const unfinished = `${this.path}.${process.pid}`;
    writeFileSync(unfinished, `${JSON.stringify(this.state, null, 2)}\n`, { mode: 0o600 });
    renameSync(unfinished, this.path);
  }

  /** Forgets everything: the database is another one. */
  clear(): void {
    this.state = {};
  }
}
