/**
 * The inbox page's script. It runs in the browser and talks to the admin API only; everything from a message goes
 * through `textContent` or into an iframe without any permission.
 */
export const INBOX_SCRIPT = `
const $ = (id) => document.getElementById(id);
const make = (tag, className, text) => {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
};
let messages = [], selected = null, view = 'html', shown = '';

const matches = (message, words) =>
  words.every((word) => [message.subject, message.from, ...message.to, ...message.cc, ...message.bcc, message.account_id].join(' ').toLowerCase().includes(word));

const renderList = () => {
  const words = $('search').value.toLowerCase().split(/\\s+/).filter(Boolean);
  const found = messages.filter((message) => matches(message, words));
  const fingerprint = JSON.stringify([found.map((message) => message.message_id), selected && selected.message_id]);
  if (fingerprint === shown) return;
  shown = fingerprint;
  const focused = document.activeElement && document.activeElement.dataset.id;
  $('list').replaceChildren(...found.map((message) => {
    const item = make('li');
    const button = make('button');
    button.dataset.id = message.message_id;
    button.setAttribute('aria-current', String(selected !== null && selected.message_id === message.message_id));
    const top = make('div', 'top');
    const time = make('time', '', new Date(message.at).toLocaleTimeString());
    time.dateTime = message.at;
    time.title = message.at;
    top.append(make('span', '', [...message.to, ...message.cc, ...message.bcc].join(', ')), time);
    button.append(top, make('span', 'subject', message.subject || '(no subject)'));
    button.addEventListener('click', () => openMessage(message.message_id));
    item.append(button);
    return item;
  }));
  if (found.length === 0) $('list').append(make('li', 'empty', messages.length === 0 ? 'Nothing has been sent yet. Messages appear here by themselves.' : 'No message matches.'));
  if (focused) { const again = document.querySelector('[data-id="' + CSS.escape(focused) + '"]'); if (again) again.focus(); }
};

const refresh = async () => {
  try {
    const response = await fetch('messages?raw=false&limit=200');
    messages = await response.json();
    $('count').textContent = messages.length + (messages.length === 200 ? '+' : '') + (messages.length === 1 ? ' message' : ' messages');
    renderList();
  } catch { $('count').textContent = 'the sandbox does not answer'; }
};

const row = (list, name, value) => { if (value) list.append(make('dt', '', name), make('dd', '', value)); };

const outcomeText = (outcome) => [outcome.type, outcome.bounceSubType, outcome.reason, outcome.errorMessage, outcome.recipients && outcome.recipients.join(', ')].filter(Boolean).join(' \\u00b7 ');

const renderMessage = () => {
  const head = $('head');
  head.replaceChildren();
  $('body').replaceChildren();
  $('tabs').hidden = selected === null;
  if (selected === null) { head.append(make('p', 'empty', 'Choose a message.')); return; }
  head.append(make('h2', '', selected.subject || '(no subject)'));
  const list = make('dl');
  row(list, 'From', selected.from);
  row(list, 'To', selected.to.join(', '));
  row(list, 'Cc', selected.cc.join(', '));
  row(list, 'Bcc', selected.bcc.join(', '));
  row(list, 'Reply-To', selected.reply_to.join(', '));
  row(list, 'Sent', new Date(selected.at).toLocaleString() + ' \\u00b7 ' + selected.account_id + ' \\u00b7 ' + selected.region);
  row(list, 'By', selected.principal_arn);
  row(list, 'Tags', selected.tags.map((tag) => tag.name + '=' + tag.value).join(', '));
  row(list, 'Outcome', selected.outcomes.map(outcomeText).join('; '));
  row(list, 'MessageId', selected.message_id);
  head.append(list);
  const available = { html: selected.html !== null, text: selected.text !== null, raw: true };
  const current = available[view] ? view : available.html ? 'html' : available.text ? 'text' : 'raw';
  for (const button of $('tabs').children) {
    button.hidden = !available[button.dataset.view];
    button.setAttribute('aria-selected', String(button.dataset.view === current));
  }
  if (current === 'html') {
    const frame = make('iframe');
    frame.setAttribute('sandbox', '');
    frame.title = 'HTML body';
    frame.srcdoc = selected.html;
    $('body').append(frame);
  } else $('body').append(make('pre', '', current === 'text' ? selected.text : selected.raw));
};

const openMessage = async (id) => {
  const response = await fetch('messages/' + encodeURIComponent(id));
  selected = response.ok ? await response.json() : null;
  renderList();
  renderMessage();
};

for (const button of $('tabs').children) button.addEventListener('click', () => { view = button.dataset.view; renderMessage(); });
$('search').addEventListener('input', renderList);
$('clear').addEventListener('click', async () => { await fetch('messages', { method: 'DELETE' }); selected = null; await refresh(); renderMessage(); });
renderMessage();
refresh();
setInterval(refresh, 2000);
`;
