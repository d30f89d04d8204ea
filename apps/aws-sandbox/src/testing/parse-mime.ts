import PostalMime from 'postal-mime';

/** The parts of a MIME text that tests compare. */
export const parseMime = async (raw: string): Promise<Record<string, string | undefined>> => {
  const mime = await PostalMime.parse(raw);
  const [attachment] = mime.attachments;
  return {
    subject: mime.subject,
    text: mime.text?.trim(),
    to: mime.to?.[0]?.address,
    replyTo: mime.replyTo?.[0]?.address,
    xOne: mime.headers.find((header) => header.key === 'x-one')?.value,
    attachment:
      attachment === undefined ? undefined : Buffer.from(attachment.content as ArrayBuffer).toString(),
  };
};
