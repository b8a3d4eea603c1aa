// Loaded ahead of devloop: at SIGUSR2 the clock of this process jumps by DEVLOOP_E2E_CLOCK_JUMP seconds.
const jump = Number(process.env.DEVLOOP_E2E_CLOCK_JUMP) * 1000;

process.on('SIGUSR2', () => {
  const SystemDate = Date;
  globalThis.Date = class extends SystemDate {
    constructor(...args) {
      super(...(args.length === 0 ? [SystemDate.now() + jump] : args));
    }

    static now() {
      return SystemDate.now() + jump;
    }
  };
});
