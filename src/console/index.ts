export { type ConsoleHandler, type ConsoleOptions, consoleHandler } from './console-handler.ts'
export { type ConsoleServer, type ServeOptions, serveConsole } from './serve-console.ts'
