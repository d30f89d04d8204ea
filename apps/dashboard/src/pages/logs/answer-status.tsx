/** The status of an answer; its class has a colour as well. */
export function AnswerStatus({ of }: { of: number }) {
  const tone =
    of >= 500 ? 'bg-bad-soft text-bad' : of >= 400 ? 'bg-warn-soft text-warn' : 'bg-good-soft text-good';
  return <span className={`inline-block rounded-full px-2.5 py-0.5 text-xs font-medium ${tone}`}>{of}</span>;
}
