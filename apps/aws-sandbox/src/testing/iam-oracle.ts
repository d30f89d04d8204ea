import { runSimulation, type Simulation } from '@cloud-copilot/iam-simulate';
import type { Caller } from '../iam/caller.js';
import { parsePolicy } from '../iam/policy-document.js';

// Development-only oracle (AGPL, imported by specs alone): another IAM implementation has to decide as ours does.

export const ACCOUNT = '444455556666';
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/Sender`;
export const IDENTITY = `arn:aws:ses:eu-west-1:${ACCOUNT}:identity/example.com`;

export const caller = (accountId: string, identity: unknown[], session: unknown = null): Caller => ({
  type: 'User',
  accountId,
  arn: `arn:aws:iam::${accountId}:user/broker`,
  principalArn: `arn:aws:iam::${accountId}:user/broker`,
  uniqueId: 'AIDATEST',
  userId: 'AIDATEST',
  name: 'broker',
  isTemporary: false,
  tokenIssuedAt: null,
  sourceIdentity: null,
  tags: [],
  transitiveTagKeys: [],
  identityPolicies: identity.map((document) => parsePolicy(document, 'identity')),
  sessionPolicies: session === null ? null : [parsePolicy(session, 'session')],
});

export const policy = (...statements: object[]): object => ({ Version: '2012-10-17', Statement: statements });
export const allow = (Action: unknown, Resource: unknown = '*', Condition?: object): object => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition && { Condition }),
});
export const deny = (Action: unknown, Resource: unknown = '*', Condition?: object): object => ({
  ...allow(Action, Resource, Condition),
  Effect: 'Deny',
});

export const askOracle = async (
  simulation: Pick<Simulation, 'request' | 'identityPolicies'> & Partial<Simulation>,
): Promise<boolean> => {
  const response = await runSimulation(
    { serviceControlPolicies: [], resourceControlPolicies: [], ...simulation },
    { simulationMode: 'Strict' } as never,
  );
  if (response.resultType === 'error') throw new Error(JSON.stringify(response.errors));
  return response.resultType === 'single'
    ? response.result.analysis.result === 'Allowed'
    : response.overallResult === 'Allowed';
};
