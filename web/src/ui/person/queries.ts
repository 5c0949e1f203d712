import type { Row } from "../../api/types";

export const DOCUMENTS = "/api/v1/directory/identity-documents/";
export const ADDRESSES = "/api/v1/directory/addresses/";

export type IdentityDocument = Row<typeof DOCUMENTS>;
export type Address = Row<typeof ADDRESSES>;

export const DOCUMENT_KINDS = ["cnic", "birth_form", "passport", "driving_licence", "other"] as const;
export const ADDRESS_KINDS = ["mailing", "permanent", "temporary", "work"] as const;
export const MANY = 200;
