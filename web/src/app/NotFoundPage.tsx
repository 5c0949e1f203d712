import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { EmptyState } from "../ui/EmptyState";
import { PageHeader } from "../ui/PageHeader";

export function NotFoundPage() {
  const { t } = useTranslation();
  return (
    <>
      <PageHeader title={t("app.notFound.title")} />
      <EmptyState
        title={t("app.notFound.title")}
        detail={t("app.notFound.detail")}
        action={
          <Button component={Link} to="/">
            {t("app.notFound.home")}
          </Button>
        }
      />
    </>
  );
}
