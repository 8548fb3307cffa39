// What prosemirror.js is made of: see THIRD_PARTY.md for the command.
export { EditorState, Plugin, PluginKey, TextSelection, NodeSelection } from "prosemirror-state";
export { EditorView, Decoration, DecorationSet } from "prosemirror-view";
export { Schema, Node, Fragment, Slice, DOMParser, DOMSerializer } from "prosemirror-model";
export { Transform } from "prosemirror-transform";
export { baseKeymap, toggleMark, setBlockType, wrapIn, lift, chainCommands, exitCode } from "prosemirror-commands";
export { keymap } from "prosemirror-keymap";
export { history, undo, redo, closeHistory } from "prosemirror-history";
export { inputRules, InputRule, textblockTypeInputRule, wrappingInputRule } from "prosemirror-inputrules";
export { wrapInList, splitListItem, liftListItem, sinkListItem } from "prosemirror-schema-list";
export { gapCursor } from "prosemirror-gapcursor";
export { dropCursor } from "prosemirror-dropcursor";
