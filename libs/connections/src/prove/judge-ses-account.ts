import { isAccessDenied, isCredentialFailure, type AwsFailure, type SesAccountState } from '#libs/aws';
import { parseDenial, regionClosedCodes } from './denial.js';
import {
  evidenceOf,
  failed,
  isSignatureFault,
  passed,
  pending,
  platformFault,
  undecided,
  type Finding,
} from './finding.js';
import { permissionsRemedy } from './remedies.js';
import type { RoundContext } from './round-context.js';

const name = 'ses_account';

/**
 * Check 7, SES answered. Switched-off sending makes the connection `degraded`, not `broken`: the role is in order, its
 * mail waits (the lanes see `sending_enabled` of the SES account), and goes on by itself once SES allows it.
 */
export function judgeSesAccount(context: RoundContext, state: SesAccountState): Finding {
  const evidence = {
    production_access: state.productionAccess,
    sending_enabled: state.sendingEnabled,
    enforcement_status: state.enforcementStatus,
    max_send_rate: state.maxSendRate,
    max_24_hour_send: state.max24HourSend,
  };
  const { region } = context.connection;
  if (state.enforcementStatus === 'SHUTDOWN') {
    return failed(
      name,
      'degrade',
      'customer',
      `AWS has shut down sending of this account in ${region}. Mail waits.`,
      evidence,
      {
        text: `Open the SES console in ${region}, Reputation metrics, and answer the open review of AWS Support. Sending goes on by itself afterwards.`,
      },
    );
  }
  if (!state.sendingEnabled) {
    const cli = `aws sesv2 put-account-sending-attributes --sending-enabled --region ${region}`;
    return failed(
      name,
      'degrade',
      'customer',
      `Sending is switched off for this account in ${region}. Mail waits.`,
      evidence,
      {
        text: `Switch sending on again; mail goes on by itself:\n\n${cli}\n\nIf AWS refuses that, AWS itself has paused the account: see the mailbox of the account's owner and AWS Support.`,
        paste: { cli },
      },
    );
  }
  if (isQuotaUsedUp(state)) {
    // AWS allows it and it ends by itself, so the connection is not degraded: every busy sender would be, each evening.
    return passed(
      name,
      `SES works, but the quota is used up: ${state.sentLast24Hours} of ${state.max24HourSend} recipients in 24 hours. Mail waits.`,
      evidence,
      {
        text: `Nothing to mend: mail goes on by itself as the 24 hours roll on. To send more each day, ask AWS for a higher quota: Service Quotas console in ${region}, Amazon Simple Email Service, "Sending quota".`,
      },
    );
  }
  const quota =
    state.max24HourSend < 0 ? 'without a daily limit' : `${state.max24HourSend} recipients per 24 hours`;
  const facts = `${state.maxSendRate} recipients per second, ${quota}`;
  if (state.enforcementStatus === 'PROBATION') {
    return passed(
      name,
      `SES sends (${facts}), but AWS has the account under review (PROBATION): bounces or complaints are too high.`,
      evidence,
      {
        text: `Open the SES console in ${region}, Reputation metrics, and lower bounces and complaints before AWS pauses sending.`,
      },
    );
  }
  if (!state.productionAccess) {
    return passed(
      name,
      `SES works (${facts}) and is in the sandbox: it sends only to verified addresses and to the mailbox simulator.`,
      evidence,
      {
        text: `Ask AWS for production access in ${region}: SES console, Account dashboard, "Request production access". SES is set up for each region by itself: if yours is in another one, create a connection for that region.`,
      },
    );
  }
  return passed(name, `SES sends in production (${facts}).`, evidence);
}

/** @returns whether SES takes no further recipient now, unless it is the mailbox simulator */
export function isQuotaUsedUp(state: Pick<SesAccountState, 'max24HourSend' | 'sentLast24Hours'>): boolean {
  return state.max24HourSend >= 0 && state.sentLast24Hours >= state.max24HourSend;
}

/** Check 7, SES did not answer. */
export function judgeNoSesAccount(context: RoundContext, failure: AwsFailure): Finding {
  const evidence = evidenceOf(failure);
  const { region } = context.connection;
  if (isAccessDenied(failure)) {
    const denial = parseDenial(failure.message);
    if (denial.isSessionPolicy) return undecided(name, failure);
    const remedy = permissionsRemedy(
      'Allow ses:GetAccount on "*", so that Sesame knows the quota and keeps to it. Attach this policy to the role:',
      context.connection,
      context.principal,
    );
    if (context.isInsideWindow)
      return pending(
        name,
        'wait',
        'customer',
        'SES refuses ses:GetAccount. Waiting for IAM to see the permissions of the role.',
        evidence,
        remedy,
      );
    const detail = denial.isExplicit
      ? 'A policy explicitly denies ses:GetAccount.'
      : 'The role may not call ses:GetAccount, so the quota is unknown.';
    return failed(name, 'degrade', 'customer', detail, evidence, remedy);
  }
  if (isSignatureFault(failure)) return platformFault(name, failure);
  if (regionClosedCodes.has(failure.code) || isCredentialFailure(failure)) {
    if (context.isInsideWindow) return undecided(name, failure);
    return failed(
      name,
      'degrade',
      'customer',
      `SES in ${region} does not accept sessions of this account: the region may not be enabled in it.`,
      evidence,
      {
        text: `Enable ${region} for account ${context.connection.awsAccountId} (AWS console, Account, AWS Regions), or create a connection for another region.`,
      },
    );
  }
  return undecided(name, failure);
}
