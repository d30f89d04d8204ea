import { blob, flag, list, oneOf, optional, required, structure, text, type Infer } from '../shape.js';

const content = structure({ Data: required(text()), Charset: optional(text()) });

/** Header names and values cannot hold CR or LF: printable ASCII only. */
const headers = list(
  structure({
    Name: required(text({ min: 1, max: 126, pattern: /^[!-9;-@A-~]+$/ })),
    Value: required(text({ min: 1, max: 995, pattern: /^[ -~]*$/ })),
  }),
  { max: 15 },
);

const attachments = list(
  structure({
    RawContent: required(blob()),
    FileName: required(text({ max: 255 })),
    ContentType: optional(text({ min: 1, max: 78 })),
    ContentDescription: optional(text({ max: 1000 })),
    ContentDisposition: optional(oneOf('ATTACHMENT', 'INLINE')),
    ContentId: optional(text({ min: 1, max: 78 })),
    ContentTransferEncoding: optional(oneOf('BASE64', 'QUOTED_PRINTABLE', 'SEVEN_BIT')),
  }),
);

export const templateContent = structure({
  Subject: optional(text()),
  Text: optional(text()),
  Html: optional(text()),
});

const simple = structure({
  Subject: required(content),
  Body: required(structure({ Text: optional(content), Html: optional(content) })),
  Headers: optional(headers),
  Attachments: optional(attachments),
});

const template = structure({
  TemplateName: optional(text({ min: 1 })),
  TemplateArn: optional(text()),
  TemplateContent: optional(templateContent),
  TemplateData: optional(text({ max: 262_144 })),
  Headers: optional(headers),
  Attachments: optional(attachments),
});

const destination = structure({
  ToAddresses: optional(list(text())),
  CcAddresses: optional(list(text())),
  BccAddresses: optional(list(text())),
});

const tags = list(structure({ Name: required(text()), Value: required(text()) }));

const overrides = structure({
  Tracking: optional(
    structure({ OpenTrackingEnabled: optional(flag()), ClickTrackingEnabled: optional(flag()) }),
  ),
});

const common = {
  FromEmailAddress: optional(text()),
  FromEmailAddressIdentityArn: optional(text()),
  ReplyToAddresses: optional(list(text())),
  FeedbackForwardingEmailAddress: optional(text()),
  FeedbackForwardingEmailAddressIdentityArn: optional(text()),
  ConfigurationSetName: optional(text({ min: 1 })),
  EndpointId: optional(text()),
  TenantName: optional(text()),
  ConfigurationOverrides: optional(overrides),
};

export const sendEmailInput = structure({
  ...common,
  Destination: optional(destination),
  Content: required(
    structure({
      Simple: optional(simple),
      Raw: optional(structure({ Data: required(blob()) })),
      Template: optional(template),
    }),
  ),
  EmailTags: optional(tags),
  ListManagementOptions: optional(
    structure({ ContactListName: required(text()), TopicName: optional(text()) }),
  ),
});

export const sendBulkEmailInput = structure({
  ...common,
  DefaultEmailTags: optional(tags),
  DefaultContent: required(structure({ Template: optional(template) })),
  BulkEmailEntries: required(
    list(
      structure({
        Destination: required(destination),
        ReplacementTags: optional(tags),
        ReplacementHeaders: optional(headers),
        ReplacementEmailContent: optional(
          structure({
            ReplacementTemplate: optional(
              structure({ ReplacementTemplateData: optional(text({ max: 262_144 })) }),
            ),
          }),
        ),
      }),
    ),
  ),
});

export type SendEmailInput = Infer<typeof sendEmailInput>;
export type SendBulkEmailInput = Infer<typeof sendBulkEmailInput>;
export type SimpleInput = Infer<typeof simple>;
export type TemplateInput = Infer<typeof template>;
export type DestinationInput = Infer<typeof destination>;
export type TagsInput = Infer<typeof tags>;
