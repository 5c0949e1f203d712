import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { PageHeader } from "../ui/PageHeader";

export function NotFoundPage() {
  const { t } = useTranslation();
  return (
    <>
      <PageHeader title={t("app.notFound.title")} lead={t("app.notFound.detail")} />
      <Button component={Link} to="/">
        {t("app.notFound.home")}
      </Button>
    </>
  );
}
