import { Inject, Injectable } from '@nestjs/common';
import { Clock, isUuid, Signer } from '#libs/crypto';
import { AppError, notFound } from '#libs/errors';
import { AttachmentsRepository } from './attachments.repository.js';
import type { Page } from './emails.repository.js';
import { storedAttachments, type StoredAttachment } from './stored-attachments.js';

const PURPOSE = 'attachment';
const LINK_MS = 60 * 60 * 1000;

export interface AttachmentView {
  id: string;
  filename: string;
  /** Bytes. */
  size: number;
  content_type: string;
  content_disposition: 'inline' | 'attachment';
  content_id: string | null;
  /** What the link to the bytes ends in. */
  token: string;
  expires_at: string;
}

export interface AttachmentFile {
  filename: string;
  contentType: string;
  bytes: Uint8Array;
}

/** Shows the files of an email, and hands them out to whoever has a link that was signed for it. */
@Injectable()
export class ReadAttachments {
  constructor(
    @Inject(AttachmentsRepository) private readonly repository: AttachmentsRepository,
    @Inject(Signer) private readonly signer: Signer,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** In the order of the email. @throws AppError not_found, also for another project's email; for an unknown cursor */
  async list(
    projectId: string,
    emailId: string,
    page: Page,
  ): Promise<{ object: 'list'; has_more: boolean; data: AttachmentView[] }> {
    const all = await this.files(projectId, emailId);
    const from = page.after === undefined ? 0 : placeOf(all, page.after, 'after') + 1;
    const to = page.before === undefined ? all.length : placeOf(all, page.before, 'before');
    const rest = all.slice(from, to);
    const shown = page.before === undefined ? rest.slice(0, page.limit) : rest.slice(-page.limit);
    return {
      object: 'list',
      has_more: rest.length > shown.length,
      data: shown.map((file) => this.present(projectId, emailId, file)),
    };
  }

  /** @throws AppError not_found */
  async get(projectId: string, emailId: string, id: string): Promise<AttachmentView> {
    const file = (await this.files(projectId, emailId)).find((one) => one.id === id);
    if (file === undefined) throw notFound('Attachment');
    return this.present(projectId, emailId, file);
  }

  /**
   * The bytes behind a link.
   *
   * @throws AppError not_found when it was not signed by us or the file is gone; forbidden when its time is over
   */
  async open(token: string): Promise<AttachmentFile> {
    const [projectId = '', emailId = '', id = '', expiresAt = ''] =
      this.signer.verify(PURPOSE, token)?.split(' ') ?? [];
    if (!isUuid(projectId) || !isUuid(emailId)) throw notFound('Attachment');
    if (this.clock.nowMs() >= Number(expiresAt)) {
      throw new AppError({
        code: 'attachment.link_expired',
        kind: 'forbidden',
        message: 'This link has expired. Ask for the attachment again to get a new one.',
      });
    }
    const payload = await this.repository.payload(projectId, emailId);
    const files = payload == null ? [] : await storedAttachments(emailId, payload);
    const file = files.find((one) => one.id === id);
    if (file === undefined) throw notFound('Attachment');
    return { filename: file.filename, contentType: file.contentType, bytes: file.bytes() };
  }

  private async files(projectId: string, emailId: string): Promise<StoredAttachment[]> {
    const payload = await this.repository.payload(projectId, emailId);
    if (payload === undefined) throw notFound('Email');
    return payload === null ? [] : storedAttachments(emailId, payload);
  }

  private present(projectId: string, emailId: string, file: StoredAttachment): AttachmentView {
    const expiresAt = this.clock.nowMs() + LINK_MS;
    return {
      id: file.id,
      filename: file.filename,
      size: file.size,
      content_type: file.contentType,
      content_disposition: file.isInline ? 'inline' : 'attachment',
      content_id: file.contentId,
      token: this.signer.sign(PURPOSE, `${projectId} ${emailId} ${file.id} ${expiresAt}`),
      expires_at: new Date(expiresAt).toISOString(),
    };
  }
}

function placeOf(files: readonly StoredAttachment[], id: string, field: 'after' | 'before'): number {
  const place = files.findIndex((file) => file.id === id);
  if (place >= 0) return place;
  throw new AppError({
    code: 'attachments.unknown_cursor',
    kind: 'invalid',
    field,
    message: `The \`${field}\` cursor is not an attachment of this email.`,
  });
}
