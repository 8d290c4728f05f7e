/** The version of this bulkhead, as its packages bear it. */
export const bulkheadVersion = "0.1.0";
