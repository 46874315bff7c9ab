/** The window's style, as a sheet: a page's policy against inline styles does not stand in its way. */
export const style = new CSSStyleSheet();

style.replaceSync(`
:host { all: initial !important; direction: ltr !important; unicode-bidi: isolate !important; font: medium/1.5 system-ui, sans-serif !important; }
:host([hidden]) { display: none !important; }
.launcher, .window { --accent: #0b5c4d; --paper: #ffffff; --ink: #1b2421; --soft: #eef4f1; --line: #6b7a74; --focus: #a85600; position: fixed; z-index: 2147483647; }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
button { font: inherit; cursor: pointer; border-radius: 8px; min-height: 44px; padding: 8px 14px; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
.log:focus-visible { outline-offset: -3px; }
header, .customer { --focus: #ffffff; }
.launcher { right: 24px; bottom: 24px; background: var(--accent); color: #fff; border: 2px solid #fff; border-radius: 28px; font-weight: 600; padding: 12px 22px; box-shadow: 0 4px 16px #0004; }
.window { inset: auto 24px 24px auto; width: min(26em, calc(100vw - 48px)); height: min(41em, calc(100dvh - 48px)); max-width: none; max-height: none; margin: 0; padding: 0; flex-direction: column; color: var(--ink); background: var(--paper); border: 1px solid var(--line); border-radius: 14px; overflow: hidden auto; box-shadow: 0 10px 36px #0005; }
.window[open] { display: flex; }
:host([position="left"]) .launcher { right: auto; left: 24px; }
:host([position="left"]) .window { inset: auto auto 24px 24px; }
header { display: flex; flex-wrap: wrap; align-items: center; gap: 6px; background: var(--accent); color: #fff; padding: 8px 8px 8px 16px; }
h2 { font-size: 1em; line-height: 1.3; margin: 0; flex: 1 1 8em; }
.kind { display: block; font-weight: 400; font-size: .85em; }
.quiet { background: transparent; color: #fff; border: 1px solid #fff; font-size: .85em; padding: 4px 10px; }
.close { min-width: 44px; }
.status { margin: 0; padding: 0 16px; font-size: .85em; background: var(--soft); }
.status:not(:empty) { padding-block: 6px; border-bottom: 1px solid var(--line); }
.trouble, .offline { background: #fff1d6; }
.log { position: relative; flex: 1; min-height: 11em; contain: strict; overflow-y: auto; overscroll-behavior: contain; }
ol { margin: 0; padding: 16px; list-style: none; display: flex; flex-direction: column; align-items: flex-start; gap: 12px; }
.message { max-width: 88%; padding: 8px 12px; border-radius: 12px; background: var(--soft); overflow-wrap: anywhere; }
.message.customer { align-self: flex-end; background: var(--accent); color: #fff; }
.message.staff { border: 2px solid var(--accent); }
.message p { margin: 0; white-space: pre-line; }
.speaker { font-size: .78em; font-weight: 600; }
.note { font-size: .78em; font-style: italic; }
.link { color: inherit; }
.link[href^="tel:"] { white-space: nowrap; }
.choices { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 10px; }
.choice { background: var(--paper); color: var(--accent); border: 2px solid var(--accent); }
.choice:hover:enabled { background: var(--accent); color: #fff; }
.choice:disabled { cursor: default; color: #55615c; border-color: #9aa7a1; }
.over { display: grid; gap: 8px; justify-items: start; }
.suggestion { padding: 0 12px 8px; }
.suggestion:empty { display: none; }
.status .plain { color: inherit; }
.plain { min-height: 24px; padding: 0 2px; font-size: inherit; color: var(--accent); background: transparent; border: 0; text-decoration: underline; }
.typing { margin: 0; padding: 4px 16px 6px; font-size: .85em; color: #4a5651; }
.composer { display: flex; flex-wrap: wrap; justify-content: end; align-items: flex-end; gap: 8px; padding: 10px 12px; border-top: 1px solid var(--line); }
textarea { field-sizing: content; flex: 1 1 8em; min-width: 0; max-height: 9em; resize: none; font: inherit; color: inherit; background: var(--paper); padding: 9px 12px; border: 1px solid var(--line); border-radius: 8px; min-height: 44px; }
.attach { background: var(--paper); color: var(--accent); border: 2px solid var(--accent); padding-inline: 10px; }
.send { background: var(--accent); color: #fff; border: 2px solid var(--accent); font-weight: 600; }
.privacy { margin: 0; padding: 0 16px 10px; font-size: .78em; color: #4a5651; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
@media (max-width: 30em), (max-height: 30em) {
  .window, :host([position="left"]) .window { inset: 0; width: 100%; height: 100dvh; border: 0; border-radius: 0; }
}
@media (forced-colors: active) {
  .message, .choice, .send, .launcher { border: 1px solid; }
  .choice:disabled { color: GrayText; border-color: GrayText; }
}
`);
