export default {
  roots: ["<rootDir>/test"],
  testEnvironment: "node",
  // Tests that ask a real model are run by `npm run test:live` alone.
  testPathIgnorePatterns: ["/node_modules/", "<rootDir>/test/live/"],
  extensionsToTreatAsEsm: [".ts"],
  injectGlobals: false,
  testTimeout: 30_000,
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
