export default {
  roots: ["<rootDir>/test"],
  testEnvironment: "node",
  // Tests that ask a real model are run by `npm run test:live` alone.
  testPathIgnorePatterns: ["/node_modules/", "<rootDir>/test/live/"],
  extensionsToTreatAsEsm: [".ts"],
  injectGlobals: false,
  testTimeout: 30_000,
  // Most tests wait for git, a sandbox or a server: one process for each core is busy with one of them at a time.
  maxWorkers: "100%",
  // Node never lets go of the modules of a file that has ended: without workers that start again, hundreds of files fill the heap.
  workerIdleMemoryLimit: "1GB",
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      {
        jsc: {
          parser: { syntax: "typescript", importAttributes: true },
          target: "es2023",
          experimental: { keepImportAttributes: true },
        },
        module: { type: "es6" },
        sourceMaps: "inline",
      },
    ],
  },
};
