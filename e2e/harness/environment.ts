// What a parent put there for itself would change how the programs under test behave.
const { NODE_TEST_CONTEXT: _test, NODE_OPTIONS: _options, FORCE_COLOR: _color, ...inherited } = process.env;

/** The environment of this process, as a user's shell has it. */
export const environment: Readonly<NodeJS.ProcessEnv> = inherited;
