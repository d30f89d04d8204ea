import type { Schemas } from '../../api/client';
import { useApiQuery } from '../../api/hooks';
import { CodeBlock } from '../../ui/copy';
import { Table } from '../../ui/layout';
import { Loaded } from '../../ui/state';

type Source = Schemas['EmailSource'];

/** What Amazon SES is asked to send, or only its header fields. */
export function Source({ emailId, part }: { emailId: string; part: 'headers' | 'raw' }) {
  const query = useApiQuery(['email-source', emailId], (api) =>
    api.GET('/emails/{id}/source', { params: { path: { id: emailId } } }),
  );
  return (
    <Loaded query={query} what="the message">
      {(source) =>
        source.content === null ? (
          <p className="text-muted">The content is not kept any more.</p>
        ) : part === 'headers' ? (
          <Headers headers={source.headers} />
        ) : (
          <Raw source={source} />
        )
      }
    </Loaded>
  );
}

function Headers({ headers }: Pick<Source, 'headers'>) {
  return (
    <Table label="Headers" columns={['Name', 'Value']}>
      {headers.map(({ name, value }, index) => (
        <tr key={index}>
          <td className="font-medium whitespace-nowrap">{name}</td>
          <td className="break-all">{value}</td>
        </tr>
      ))}
    </Table>
  );
}

function Raw({ source }: { source: Source }) {
  const { request, mime, attachments } = source;
  return (
    <div className="flex flex-col gap-4">
      {mime !== null && <CodeBlock label="MIME message" code={mime} />}
      <CodeBlock label="SendEmail request" code={request ?? ''} />
      {attachments.length > 0 && (
        <Table label="Attachments" columns={['File', 'Type', 'Bytes', 'Shown']}>
          {attachments.map((file, index) => (
            <tr key={index}>
              <td className="break-all">{file.filename}</td>
              <td>{file.content_type}</td>
              <td>{file.size.toLocaleString()}</td>
              <td>{file.content_disposition}</td>
            </tr>
          ))}
        </Table>
      )}
    </div>
  );
}
