import type { ErrorComponentProps } from "@tanstack/react-router";
import { useRouter } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { asProblem } from "../api/problem";
import { ErrorPanel } from "../ui/ErrorPanel";
import { ButtonLink } from "../ui/links";

/** What a page shows when its loader was refused. */
export function RouteError({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation();
  const router = useRouter();
  // What is not there, or not for this reader, is not there a second time.
  const isFinal = [403, 404].includes(asProblem(error).status);
  const retry = () => {
    reset();
    void router.invalidate();
  };
  return (
    <div style={{ maxWidth: "40rem", margin: "3rem auto", padding: "0 1rem" }}>
      <ErrorPanel error={error} onRetry={isFinal ? undefined : retry} />
      {isFinal && (
        <ButtonLink to="/" variant="default" mt="md">
          {t("app.notFound.home")}
        </ButtonLink>
      )}
    </div>
  );
}
