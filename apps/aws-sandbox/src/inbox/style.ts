/** Styles of the inbox page; follows the reader's light or dark setting. */
export const INBOX_STYLE = `
:root { color-scheme: light dark; --bg: #f7f7f5; --panel: #fff; --text: #1c1c1a; --muted: #66665f; --line: #e2e2dc; --accent: #8a4b12; --pick: #f3e9df; }
@media (prefers-color-scheme: dark) {
  :root { --bg: #161614; --panel: #1f1f1c; --text: #ecece6; --muted: #a0a097; --line: #35352f; --accent: #e0a76c; --pick: #332a20; }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0; height: 100vh; display: grid; grid-template: auto 1fr / minmax(16rem, 26rem) 1fr; background: var(--bg); color: var(--text); font: 15px/1.45 system-ui, sans-serif; }
header { grid-column: 1 / -1; display: flex; gap: 1rem; align-items: center; padding: .6rem 1rem; border-bottom: 1px solid var(--line); background: var(--panel); }
h1 { margin: 0; font-size: 1rem; }
header small { color: var(--muted); }
input[type=search] { margin-left: auto; width: min(20rem, 40vw); padding: .35rem .6rem; border: 1px solid var(--line); border-radius: .4rem; background: var(--bg); color: inherit; font: inherit; }
button { padding: .35rem .7rem; border: 1px solid var(--line); border-radius: .4rem; background: var(--bg); color: inherit; font: inherit; cursor: pointer; }
button[aria-selected=true] { border-color: var(--accent); color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
#list { margin: 0; padding: 0; list-style: none; overflow-y: auto; border-right: 1px solid var(--line); background: var(--panel); }
#list button { display: block; width: 100%; padding: .6rem 1rem; border: 0; border-bottom: 1px solid var(--line); border-radius: 0; background: none; text-align: left; }
#list button[aria-current=true] { background: var(--pick); }
#list .top { display: flex; justify-content: space-between; gap: .5rem; color: var(--muted); font-size: .85rem; }
#list .top span, #list .subject { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
#list .subject { display: block; font-weight: 600; }
#list time { flex: none; }
.empty { padding: 2rem 1rem; color: var(--muted); }
main { display: grid; grid-template-rows: auto auto 1fr; min-width: 0; min-height: 0; }
#head { padding: 1rem 1rem .5rem; }
#head h2 { margin: 0 0 .4rem; font-size: 1.15rem; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .1rem .8rem; margin: 0; font-size: .88rem; }
dt { color: var(--muted); }
dd { margin: 0; overflow-wrap: anywhere; }
#tabs { display: flex; gap: .4rem; padding: .4rem 1rem; border-bottom: 1px solid var(--line); }
#body { min-height: 0; }
#body iframe { display: block; width: 100%; height: 100%; border: 0; background: #fff; }
#body pre { height: 100%; margin: 0; padding: 1rem; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere; font: 13px/1.5 ui-monospace, monospace; }
@media (max-width: 44rem) { body { grid-template: auto 40vh 1fr / 1fr; } #list { border-right: 0; border-bottom: 1px solid var(--line); } }
`;
