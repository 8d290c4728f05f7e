/** adapters/ is the outside world: one folder a kind, a pure half and a thin I/O half each. */
export {};
