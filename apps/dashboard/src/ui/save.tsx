import type { ApiError } from '../api/client';
import { Button } from './button';
import { Problem } from './state';

/** The foot of a form with settings: what went wrong, the button, and that it is saved. */
export function Save({
  save,
  isChanged,
  field,
  text = 'Save',
}: {
  save: { isPending: boolean; isSuccess: boolean; error: ApiError | null };
  /** Whether the form differs from what is stored. */
  isChanged: boolean;
  /** Of a form with a single field, which shows its problem itself. */
  field?: string;
  text?: string;
}) {
  return (
    <>
      <Problem error={save.error?.field !== undefined && save.error.field === field ? null : save.error} />
      <div className="flex items-center gap-3">
        <Button type="submit" disabled={!isChanged} busy={save.isPending && 'Saving…'}>
          {text}
        </Button>
        <span role="status" className="text-sm text-good">
          {save.isSuccess && !isChanged && 'Saved.'}
        </span>
      </div>
    </>
  );
}
