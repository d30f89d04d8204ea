import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { apiOf, unwrap, type ApiError, type Schemas } from '../api/client';
import { useSelectOrganization } from '../api/me';
import { Button } from '../ui/button';
import { Input } from '../ui/field';
import { Card } from '../ui/layout';
import { Problem } from '../ui/state';

/** Makes an organization of which the signed-in person is the owner, and goes there. */
export function NewOrganization({ title }: { title: string }) {
  const [name, setName] = useState('');
  const navigate = useNavigate();
  const queries = useQueryClient();
  const select = useSelectOrganization();
  const create = useMutation<Schemas['Organization'], ApiError>({
    mutationFn: () => unwrap(apiOf(undefined).POST('/v1/organizations', { body: { name } })),
    onSuccess: async ({ id }) => {
      select(id);
      await queries.invalidateQueries({ queryKey: ['me'] });
      await navigate({ to: '/projects' });
    },
  });
  return (
    <Card title={title}>
      <form
        className="flex flex-col gap-3 sm:max-w-md"
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate();
        }}
      >
        <p className="text-muted">
          It has projects, members and an audit log of its own. You will be its owner.
        </p>
        <Input
          label="Name of the new organization"
          required
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Problem error={create.error} />
        <Button type="submit" busy={create.isPending && 'Making the organization…'} className="self-start">
          Make organization
        </Button>
      </form>
    </Card>
  );
}
