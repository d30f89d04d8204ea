import {
  CreateConnection,
  ReadKit,
  RequestVerification,
  UpdateConnection,
  type ConnectionObject,
  type Kit,
} from '#libs/connections';
import { customerAccount, region, type Lab } from './connections-lab.js';

export interface Started {
  projectId: string;
  id: string;
  kit: Kit;
  roleName: string;
  roleArn: string;
}

/** The steps of a customer, on a lab that is started later. */
export function proving(lab: () => Lab) {
  let count = 0;
  return {
    /** A connection with its kit, and a name for its role. */
    async start(options: { seconds?: number } = {}): Promise<Started> {
      const projectId = await lab().newProject();
      const { connection } = await lab()
        .main.get(CreateConnection)
        .execute(projectId, { region, actor: 'system' });
      const { id } = connection;
      if (options.seconds !== undefined) {
        await lab()
          .main.get(UpdateConnection)
          .execute(projectId, id, { sessionDurationSeconds: options.seconds, actor: 'system' });
      }
      const kit = await lab().main.get(ReadKit).execute(projectId, id, { purpose: 'send', format: 'json' });
      const roleName = `Sender${++count}`;
      return { projectId, id, kit, roleName, roleArn: `arn:aws:iam::${customerAccount}:role/${roleName}` };
    },

    async enter({ projectId, id, roleArn }: Started): Promise<ConnectionObject> {
      await lab().main.get(UpdateConnection).execute(projectId, id, { roleArn, actor: 'system' });
      return lab().settle(projectId, id);
    },

    async verify({ projectId, id }: Started): Promise<ConnectionObject> {
      await lab().main.get(RequestVerification).execute(projectId, id, 'system');
      return lab().settle(projectId, id);
    },
  };
}

export const roleOf = ({ kit }: Started, fields: object = {}): object => ({
  trust_policy: kit.trust_policy,
  policies: { send: kit.permissions_policy },
  ...fields,
});

/** The trust policy of the kit with another condition on the external ID. */
export function trustWith({ kit }: Started, condition: Record<string, object>): object {
  const [statement] = kit.trust_policy.Statement;
  const { StringEquals: _, ...others } = statement?.Condition ?? {};
  return { ...kit.trust_policy, Statement: [{ ...statement, Condition: { ...others, ...condition } }] };
}

export function failures(connection: ConnectionObject): string[] {
  return connection.checks.filter((check) => check.outcome === 'failed').map((check) => check.name);
}
