/** A command or a domain event as a machine sees it: its payload's keys beside `type`. */
export interface Message {
  readonly type: string
}
