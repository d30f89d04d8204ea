/** What becomes of an accepted message, recipient by recipient: the facts that events are later made from. */
export type Outcome =
  | { readonly type: 'Send' }
  | { readonly type: 'Delivery'; readonly recipients: readonly string[] }
  | {
      readonly type: 'Bounce';
      readonly bounceType: 'Permanent' | 'Transient';
      readonly bounceSubType: string;
      readonly recipients: readonly string[];
    }
  | {
      readonly type: 'Complaint';
      readonly complaintSubType: string | null;
      readonly recipients: readonly string[];
    }
  | { readonly type: 'Reject'; readonly reason: string }
  | { readonly type: 'RenderingFailure'; readonly templateName: string; readonly errorMessage: string };
