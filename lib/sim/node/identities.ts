/** The answers of simulated nodes to `*IDN?`. */

/** Answers by version of the specification (spec: "Identification"). */
export const IDENTITIES = { "1.1": "ISSE&SINE2020,SECoP,V2019-09-16,v1.0", "2.0": "ISSE,SECoP,,v2.0" } as const;
