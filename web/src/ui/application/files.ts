// What is told of a file before it is sent: its kind and its size. Its content, the server judges.
import { PHOTO } from "./fields";

const MEGA = 1024 * 1024;
const PICTURES = ["image/jpeg", "image/png"];
export type FileFault = "type" | "size" | "empty";

export const limitOf = (kind: string): number => (kind === PHOTO ? MEGA : 3 * MEGA);
export const typesOf = (kind: string): string[] =>
  kind === PHOTO ? PICTURES : [...PICTURES, "application/pdf"];

export function isPicture(file: Pick<File, "type">): boolean {
  return PICTURES.includes(file.type);
}

/** What is wrong with a chosen file at a glance; null when it may be tried. */
export function fileFault(kind: string, file: Pick<File, "type" | "size">): FileFault | null {
  if (!typesOf(kind).includes(file.type)) return "type";
  if (file.size === 0) return "empty";
  return file.size > limitOf(kind) ? "size" : null;
}

/** Bytes as megabytes with one decimal, never "0". */
export function megabytes(bytes: number): number {
  return Math.max(0.1, Math.round((bytes / MEGA) * 10) / 10);
}

const SIDES = [2400, 1800, 1400, 1000, 700];

/** A picture made smaller until it fits, as a JPEG; null when it cannot be read or will not fit. */
export async function shrunk(file: File, limit: number): Promise<File | null> {
  const picture = await createImageBitmap(file).catch(() => null);
  if (!picture) return null;
  for (const side of SIDES) {
    const scale = Math.min(1, side / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    if (blob && blob.size <= limit) {
      return new File([blob], file.name.replace(/\.\w+$/, ".jpg"), { type: "image/jpeg" });
    }
  }
  return null;
}
