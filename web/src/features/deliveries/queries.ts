import type { Row } from "../../api/types";

export const DELIVERIES = "/api/v1/comms/deliveries/";
export type Delivery = Row<typeof DELIVERIES>;

export const STATUSES = ["failed", "pending", "deferred", "sent", "suppressed"] as const;
/** Whether it left nobody knows. */
export const UNKNOWN = "outcome_unknown";
