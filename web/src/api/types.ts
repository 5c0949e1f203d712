// Shapes read off the generated schema, addressed by path so that no schema name is repeated by hand.
import type { paths } from "./schema";

export type Path = keyof paths;

type Json<R> = R extends { content: { "application/json": infer Body } } ? Body : never;
type Success<R> = R extends { 200: infer A } ? Json<A> : R extends { 201: infer A } ? Json<A> : never;

/** What a path answers: `Answer<"/api/v1/me/", "get">`. */
export type Answer<P extends Path, M extends keyof paths[P]> = paths[P][M] extends { responses: infer R }
  ? Success<R>
  : never;

/** What a path takes: `Body<"/api/v1/academics/students/", "post">`. */
export type Body<P extends Path, M extends keyof paths[P]> = paths[P][M] extends {
  requestBody?: { content: { "application/json": infer B } };
}
  ? B
  : never;

export type Page<Row> = { count: number; next: string | null; previous: string | null; results: Row[] };

/** Paths that answer the list envelope. */
export type ListPath = {
  [P in Path]: paths[P] extends { get: { responses: infer R } }
    ? Success<R> extends { results: unknown[]; count: number }
      ? P
      : never
    : never;
}[Path];

/** One row of a list: `Row<"/api/v1/academics/students/">`. */
export type Row<P extends ListPath> = paths[P] extends { get: { responses: infer R } }
  ? Success<R> extends { results: (infer Item)[] }
    ? Item
    : never
  : never;
