import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId, SystemClock } from '#libs/crypto';
import { Broadcast, Database, type TestDatabase } from '#libs/database';
import { freshDatabase } from '../../../test/support/stores.js';
import { until } from '../../../test/support/until.js';
import { ListTemplates } from './list-templates.js';
import { PreviewTemplate } from './preview-template.js';
import { PublishedTemplates } from './published-templates.js';
import { PublishedTemplatesRepository } from './published-templates.repository.js';
import type { NewTemplate } from './template.js';
import { Templates } from './templates.js';
import { TemplatesRepository } from './templates.repository.js';

/** One process: its own pool, its own cache. */
class Process {
  readonly database: Database;
  readonly broadcast: Broadcast;
  readonly published: PublishedTemplates;
  readonly templates: Templates;
  readonly lists: ListTemplates;
  readonly previews: PreviewTemplate;

  constructor(url: string) {
    this.database = new Database(url, 8);
    this.broadcast = new Broadcast(this.database);
    this.published = new PublishedTemplates(new PublishedTemplatesRepository(this.database), this.broadcast);
    const repository = new TemplatesRepository(this.database);
    this.templates = new Templates(repository, this.published, new SystemClock());
    this.lists = new ListTemplates(repository);
    this.previews = new PreviewTemplate(repository);
  }

  async close(): Promise<void> {
    await this.broadcast.close();
    await this.database.close();
  }
}

const draft: NewTemplate = {
  name: 'Order',
  alias: null,
  from: 'Shop <shop@example.com>',
  subject: 'Order {{{ID}}}',
  replyTo: [],
  html: '<p>{{ID}}</p>',
  text: null,
  variables: [{ key: 'ID', type: 'string', fallbackValue: null }],
};
const notFound = { code: 'template.not_found', kind: 'not_found' };

describe('templates', () => {
  let testDatabase: TestDatabase;
  let here: Process;
  let there: Process;
  let projectId: string;

  beforeAll(async () => {
    testDatabase = await freshDatabase();
    here = new Process(testDatabase.url);
    there = new Process(testDatabase.url);
    await Promise.all([here.broadcast.start(), there.broadcast.start()]);
  }, 60_000);
  afterAll(async () => {
    await Promise.all([here?.close(), there?.close()]);
    await testDatabase?.drop();
  });

  const newProject = async (): Promise<string> => {
    const organization = await here.database.prisma.organization.create({ data: { id: newId(), name: 'O' } });
    const project = await here.database.prisma.project.create({
      data: { id: newId(), organizationId: organization.id, name: 'P' },
    });
    return project.id;
  };
  beforeEach(async () => {
    projectId = await newProject();
  });

  const create = (fields: Partial<NewTemplate> = {}, project = projectId) =>
    here.templates.create(project, { ...draft, ...fields });
  const html = async (named: string, given = { ID: '1' }, process = here) =>
    (await process.published.render(projectId, named, given)).html;

  it('sends only what is published, and goes on with it while the next version is written', async () => {
    const id = await create();
    await expect(html(id)).rejects.toMatchObject({
      code: 'template.not_published',
      remedy: `POST /templates/${id}/publish`,
    });
    await here.templates.publish(projectId, id);
    expect(await html(id)).toBe('<p>1</p>');
    const first = await here.templates.get(projectId, id);
    expect(first.template.currentVersionId).toBe(first.template.publishedVersionId);

    await here.templates.update(projectId, id, { html: '<b>{{ID}}</b>' });
    const edited = await here.templates.get(projectId, id);
    expect(edited.version.html).toBe('<b>{{ID}}</b>');
    expect(edited.version.subject).toBe(draft.subject);
    expect(edited.template.currentVersionId).not.toBe(edited.template.publishedVersionId);
    expect(await html(id)).toBe('<p>1</p>');

    await here.templates.update(projectId, id, { html: '<i>{{ID}}</i>' });
    const again = await here.templates.get(projectId, id);
    expect(again.template.currentVersionId).toBe(edited.template.currentVersionId);
    await here.templates.publish(projectId, id);
    expect(await html(id)).toBe('<i>1</i>');
  });

  it('is not in the way of another process: a publish is seen there as well', async () => {
    const id = await create();
    await here.templates.publish(projectId, id);
    expect(await html(id, { ID: '1' }, there)).toBe('<p>1</p>');
    await here.templates.update(projectId, id, { html: 'two' });
    await here.templates.publish(projectId, id);
    await until('the other process', async () => (await html(id, { ID: '1' }, there)) === 'two');
    await here.templates.remove(projectId, id);
    await until('the other process', () =>
      html(id, { ID: '1' }, there).then(
        () => false,
        (error: { code: string }) => error.code === 'template.not_found',
      ),
    );
  });

  it('asks the database once for many emails of one template, the unknown and the unpublished too', async () => {
    const id = await create({ alias: 'order' });
    const ask = async (named: string) => {
      const before = here.database.counter.statements;
      await Promise.allSettled(Array.from({ length: 100 }, (_, index) => html(named, { ID: String(index) })));
      return here.database.counter.statements - before;
    };
    expect(await ask('nobody')).toBe(1);
    expect(await ask('order')).toBe(1);
    await here.templates.publish(projectId, id);
    expect(await ask('order')).toBe(1);
    expect(await ask(id)).toBe(1);
  });

  it('names every variable that is missing', async () => {
    const variables = [...draft.variables, { key: 'AMOUNT', type: 'number' as const, fallbackValue: null }];
    const id = await create({ variables });
    await here.templates.publish(projectId, id);
    await expect(here.published.render(projectId, id, {})).rejects.toMatchObject({
      code: 'template.missing_variable',
      kind: 'invalid',
      field: 'template.variables.ID',
      message: 'Missing value for template variable `ID`, `AMOUNT`.',
    });
    await expect(here.published.render(projectId, id, { ID: 'x', AMOUNT: 'x' })).rejects.toMatchObject({
      field: 'template.variables.AMOUNT',
    });
  });

  it('has an alias once in a project, and lets it go with the template', async () => {
    const id = await create({ alias: 'welcome' });
    await expect(create({ alias: 'welcome' })).rejects.toMatchObject({ kind: 'invalid', field: 'alias' });
    const other = await create();
    await expect(here.templates.update(projectId, other, { alias: 'welcome' })).rejects.toMatchObject({
      field: 'alias',
    });
    const elsewhere = await newProject();
    await expect(create({ alias: 'welcome' }, elsewhere)).resolves.toEqual(expect.any(String));
    expect((await here.templates.get(projectId, 'welcome')).template.id).toBe(id);
    await here.templates.update(projectId, 'welcome', { alias: null });
    await here.templates.update(projectId, other, { alias: 'welcome' });
    expect((await here.templates.get(projectId, 'welcome')).template.id).toBe(other);
    await here.templates.remove(projectId, 'welcome');
    await expect(create({ alias: 'welcome' })).resolves.toEqual(expect.any(String));
  });

  it.each([
    '',
    ' a',
    'a b',
    'a/b',
    '-a',
    '.',
    '..',
    'a%',
    'ä',
    'x'.repeat(129),
    '01930000-0000-7000-8000-000000000000',
  ])('refuses the alias %j', async (alias) => {
    await expect(create({ alias })).rejects.toMatchObject({ kind: 'invalid', field: 'alias' });
  });

  it.each(['', 'nobody', 'a\u0000b', '%', '../x', '01930000-0000-7000-8000-000000000000', 'x'.repeat(5_000)])(
    'does not find %j',
    async (named) => {
      await expect(here.templates.get(projectId, named)).rejects.toMatchObject(notFound);
      await expect(here.published.render(projectId, named, {})).rejects.toMatchObject(notFound);
    },
  );

  it("does not find another project's template, by any use case", async () => {
    const id = await create({ alias: 'mine' });
    await here.templates.publish(projectId, id);
    const stranger = await newProject();
    for (const named of [id, 'mine']) {
      const calls = [
        () => here.templates.get(stranger, named),
        () => here.templates.update(stranger, named, { name: 'taken' }),
        () => here.templates.publish(stranger, named),
        () => here.templates.duplicate(stranger, named),
        () => here.templates.remove(stranger, named),
        () => here.previews.execute(stranger, named, { variables: {}, version: 'draft' }),
        () => here.published.render(stranger, named, { ID: '1' }),
      ];
      for (const call of calls) await expect(call()).rejects.toMatchObject(notFound);
    }
    expect(
      (await here.lists.execute(stranger, { limit: 20, after: undefined, before: undefined })).templates,
    ).toEqual([]);
    await expect(
      here.lists.execute(stranger, { limit: 20, after: id, before: undefined }),
    ).rejects.toMatchObject({ field: 'after' });
    expect((await here.templates.get(projectId, id)).template.name).toBe('Order');
  });

  it('changes nothing when an edit is refused', async () => {
    const id = await create();
    const before = await here.templates.get(projectId, id);
    await expect(here.templates.update(projectId, id, { html: '{{NEW}}', name: 'x' })).rejects.toMatchObject({
      field: 'html',
    });
    // A variable that is still in use cannot go.
    await expect(here.templates.update(projectId, id, { variables: [] })).rejects.toMatchObject({
      kind: 'invalid',
    });
    await expect(here.templates.update(projectId, id, { html: '' })).rejects.toMatchObject({
      kind: 'missing_field',
    });
    expect(await here.templates.get(projectId, id)).toEqual(before);
  });

  it('loses no edit of two that come at the same time', async () => {
    const id = await create();
    await here.templates.publish(projectId, id);
    await Promise.all([
      here.templates.update(projectId, id, { subject: 'one' }),
      there.templates.update(projectId, id, { text: 'two' }),
      here.templates.update(projectId, id, { replyTo: ['a@example.com'] }),
      there.templates.update(projectId, id, { name: 'three' }),
    ]);
    expect(await here.templates.get(projectId, id)).toMatchObject({
      template: { name: 'three' },
      version: { subject: 'one', text: 'two', replyTo: ['a@example.com'], html: draft.html },
    });
    const versions = await here.database.prisma.templateVersion.count({ where: { templateId: id } });
    expect(versions).toBe(2);
  });

  it('makes a copy of what it says now, as a draft of its own', async () => {
    const id = await create({ alias: 'original' });
    await here.templates.publish(projectId, id);
    await here.templates.update(projectId, id, { html: 'draft {{ID}}' });
    const copyId = await here.templates.duplicate(projectId, id);
    const copy = await here.templates.get(projectId, copyId);
    expect(copy).toMatchObject({
      template: { name: 'Order (copy)', alias: null, publishedVersionId: null },
      version: { html: 'draft {{ID}}', from: draft.from, variables: draft.variables },
    });
    await here.templates.remove(projectId, id);
    expect((await here.templates.get(projectId, copyId)).version.html).toBe('draft {{ID}}');
    expect(await here.database.prisma.templateVersion.count({ where: { templateId: id } })).toBe(0);
  });

  it('previews draft and published, with what is missing left standing', async () => {
    const id = await create();
    const preview = (version: 'draft' | 'published', variables: Record<string, string> = {}) =>
      here.previews.execute(projectId, id, { variables, version });
    expect(await preview('draft')).toMatchObject({
      html: '<p>{{ID}}</p>',
      subject: 'Order {{{ID}}}',
      text: null,
      missing: ['ID'],
    });
    await expect(preview('published')).rejects.toMatchObject({ field: 'version' });
    await here.templates.publish(projectId, id);
    await here.templates.update(projectId, id, { html: 'two' });
    expect(await preview('published', { ID: '<7>' })).toMatchObject({
      html: '<p>&lt;7&gt;</p>',
      subject: 'Order <7>',
      missing: [],
    });
    expect((await preview('draft', { ID: '7' })).html).toBe('two');
  });

  it('walks the list in both directions', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 5; index += 1) ids.unshift(await create({ name: `T${index}` }));
    const page = async (fields: { limit: number; after?: string; before?: string }) => {
      const { templates, hasMore } = await here.lists.execute(projectId, {
        after: undefined,
        before: undefined,
        ...fields,
      });
      return [templates.map(({ id }) => ids.indexOf(id)), hasMore];
    };
    expect(await page({ limit: 2 })).toEqual([[0, 1], true]);
    expect(await page({ limit: 2, after: ids[1] ?? '' })).toEqual([[2, 3], true]);
    expect(await page({ limit: 2, after: ids[3] ?? '' })).toEqual([[4], false]);
    expect(await page({ limit: 2, before: ids[4] ?? '' })).toEqual([[2, 3], true]);
    expect(await page({ limit: 2, before: ids[1] ?? '' })).toEqual([[0], false]);
    expect(await page({ limit: 5 })).toEqual([[0, 1, 2, 3, 4], false]);
  });
});
