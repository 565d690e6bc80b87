/** Every intention that the window knows, as a change of the document. */
export * from "./checks";
export * from "./clipboard";
export * from "./edges";
export * from "./fields";
export * from "./names";
export * from "./nodes";
